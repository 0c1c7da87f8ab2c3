#!/usr/bin/env -S node --max-semi-space-size=8
import { enableCompileCache } from 'node:module'

// Before anything else is loaded: a command that says one sentence spends most of its time on compiling what it does not use.
enableCompileCache()
await import('./program.ts')
