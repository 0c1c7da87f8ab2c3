import { z } from 'zod'

/** Every setting, from the environment, with its default: the one list of them. README names them from here. */
const environment = z.object({
  /** Port to listen on. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(4700),
  /** Address to listen on; 0.0.0.0 for a home network. */
  HOST: z.string().default('127.0.0.1'),
  /** Folder of the database and the pictures. */
  DATA_DIR: z.string().default('./data'),
  /** postgres://… to use PostgreSQL; SQLite in DATA_DIR without it. */
  DATABASE_URL: z.string().url().optional(),
  /** Whether people may make accounts: the first one may always be made, and is the admin. */
  SIGNUP: z.enum(['open', 'closed']).default('open'),
  /** Name of this server, shown at sign-in. */
  SERVER_NAME: z.string().max(80).default('BiologiDex'),
  /** The address people use, when it differs from what requests say (behind a proxy): https://dex.example.org */
  PUBLIC_ORIGIN: z.string().url().optional(),
  /** Trust X-Forwarded-* of a proxy in front: true or false. */
  TRUST_PROXY: z.stringbool().default(false),
  /** Pulls: burst and per second, per session (N3). */
  RATE_PULL_BURST: z.coerce.number().int().positive().default(30),
  RATE_PULL_PER_SECOND: z.coerce.number().positive().default(1),
  RATE_PUSH_BURST: z.coerce.number().int().positive().default(60),
  RATE_PUSH_PER_SECOND: z.coerce.number().positive().default(2),
  RATE_PICTURE_BURST: z.coerce.number().int().positive().default(600),
  RATE_PICTURE_PER_SECOND: z.coerce.number().positive().default(50),
  /** Streams of events opened: burst and per second, per session; and how many one session may hold open: one more ends the oldest. */
  RATE_EVENTS_BURST: z.coerce.number().int().positive().default(30),
  RATE_EVENTS_PER_SECOND: z.coerce.number().positive().default(1),
  RATE_EVENTS_OPEN: z.coerce.number().int().positive().default(4),
  /** Sign-ins and sign-ups per network address and per account name: burst and per second. */
  RATE_SIGN_IN_BURST: z.coerce.number().int().positive().default(10),
  RATE_SIGN_IN_PER_SECOND: z.coerce.number().positive().default(0.2),
  /** Looking people up by code or name, per session: burst and per second. */
  RATE_PEOPLE_BURST: z.coerce.number().int().positive().default(20),
  RATE_PEOPLE_PER_SECOND: z.coerce.number().positive().default(0.2),
  /** The same per network address, whoever asks from there: several sessions at once. */
  RATE_PEOPLE_NETWORK_BURST: z.coerce.number().int().positive().default(60),
  RATE_PEOPLE_NETWORK_PER_SECOND: z.coerce.number().positive().default(0.6),
  /** The four sync calls of the v1 API, per account: burst and per second (N3). */
  RATE_V1_SYNC_BURST: z.coerce.number().int().positive().default(10),
  RATE_V1_SYNC_PER_SECOND: z.coerce
    .number()
    .positive()
    .default(10 / 60),
  /** How many sessions and heads of feeds are remembered between requests (SQLite): some 300 bytes each; 10,000 unless told, 0 looks up each anew. */
  REMEMBER_ROWS: z.coerce.number().int().min(0).optional(),
  /** fatal, error, warn, info, debug, trace or silent. */
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})

type Environment = z.infer<typeof environment>

interface Rate {
  /** Requests that may come at once. */
  readonly burst: number
  readonly perSecond: number
}

export interface Config {
  readonly port: number
  readonly host: string
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly signup: 'open' | 'closed'
  readonly serverName: string
  readonly publicOrigin: string | undefined
  readonly trustProxy: boolean
  readonly rates: {
    readonly pull: Rate
    readonly push: Rate
    readonly picture: Rate
    readonly signIn: Rate
    readonly people: Rate
    readonly peopleNetwork: Rate
    readonly events: Rate
    readonly v1Sync: Rate
  }
  /** Streams of events that one session may hold open. */
  readonly eventStreams: number
  readonly remember: number | undefined
  readonly logLevel: Environment['LOG_LEVEL']
}

/**
 * Reads the settings.
 * @throws Error naming each setting that cannot be used, and why
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(set)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`These settings cannot be used:\n${lines.join('\n')}`)
  }
  const it = parsed.data
  return {
    port: it.PORT,
    host: it.HOST,
    dataDir: it.DATA_DIR,
    databaseUrl: it.DATABASE_URL,
    signup: it.SIGNUP,
    serverName: it.SERVER_NAME,
    publicOrigin: it.PUBLIC_ORIGIN,
    trustProxy: it.TRUST_PROXY,
    rates: {
      pull: { burst: it.RATE_PULL_BURST, perSecond: it.RATE_PULL_PER_SECOND },
      push: { burst: it.RATE_PUSH_BURST, perSecond: it.RATE_PUSH_PER_SECOND },
      picture: { burst: it.RATE_PICTURE_BURST, perSecond: it.RATE_PICTURE_PER_SECOND },
      signIn: { burst: it.RATE_SIGN_IN_BURST, perSecond: it.RATE_SIGN_IN_PER_SECOND },
      people: { burst: it.RATE_PEOPLE_BURST, perSecond: it.RATE_PEOPLE_PER_SECOND },
      peopleNetwork: { burst: it.RATE_PEOPLE_NETWORK_BURST, perSecond: it.RATE_PEOPLE_NETWORK_PER_SECOND },
      events: { burst: it.RATE_EVENTS_BURST, perSecond: it.RATE_EVENTS_PER_SECOND },
      v1Sync: { burst: it.RATE_V1_SYNC_BURST, perSecond: it.RATE_V1_SYNC_PER_SECOND },
    },
    eventStreams: it.RATE_EVENTS_OPEN,
    remember: it.REMEMBER_ROWS,
    logLevel: it.LOG_LEVEL,
  }
}
