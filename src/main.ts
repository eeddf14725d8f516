#!/usr/bin/env node
/** argv to one command; nothing else. */
import { runMain } from './cli/commands.js';

const { env, stdout, stderr, stdin } = process;
process.exitCode = await runMain(process.argv.slice(2), { env, cwd: process.cwd(), stdout, stderr, stdin });
