import { cruise } from 'dependency-cruiser'
import { FORBIDDEN, OPTIONS } from './import-law.ts'

/** Fewer modules than this means that the sources were not read, and that a silent pass says nothing. */
const AT_LEAST_MODULES = 150
const ROOTS = ['packages/core/src', 'packages/client/src', 'apps/server/src', 'apps/cli/src', 'apps/web/src']

const { output } = await cruise(ROOTS, { ...OPTIONS, validate: true, ruleSet: { forbidden: FORBIDDEN } })
if (typeof output === 'string') throw new Error(output)
const { violations, totalCruised } = output.summary
for (const { from, to, rule } of violations) process.stdout.write(`${rule.name}: ${from} -> ${to}\n`)
process.stdout.write(`structure: ${totalCruised} modules read, ${violations.length} violations\n`)
if (totalCruised < AT_LEAST_MODULES) process.stdout.write(`structure: at least ${AT_LEAST_MODULES} modules were expected\n`)
process.exitCode = violations.length > 0 || totalCruised < AT_LEAST_MODULES ? 1 : 0
