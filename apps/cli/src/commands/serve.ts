import type { Command } from 'commander'

/** `biologidex serve`: the server in this process, with its settings from the environment (docs/hosting.md). */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the server; settings come from the environment')
    .action(async () => {
      await import('@biologidex/server/main')
    })
}
