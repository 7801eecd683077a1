// `npm run build:contracts`: bin/bootstrap.mjs has built the contracts before it runs this program.

process.stderr.write("commonweight: the contracts are built\n");
