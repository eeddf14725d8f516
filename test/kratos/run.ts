/** `npm run test:kratos`: the journeys against the Kratos program that `KRATOS_BIN` names. */
import { testJourneys } from './journeys.js';

const binary = process.env.KRATOS_BIN;
if (binary) testJourneys([binary]);
else process.stdout.write('KRATOS_BIN names no Kratos program, so there is nothing to test.\n');
