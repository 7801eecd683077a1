// `npm run build:contracts`: everything is done once the bootstrap has come this far.

process.stderr.write("commonweight: the contracts are built\n");
