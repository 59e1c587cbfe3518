import { startApp } from '../lib/start-app.ts';

process.exitCode = await startApp();
