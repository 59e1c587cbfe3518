import { runApp } from '../lib/run-app.ts';

process.exitCode = await runApp();
