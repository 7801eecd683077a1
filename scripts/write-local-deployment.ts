// `npm run deploy:local-file`: writes deployments/local.json anew, as every local chain that scripts/market-chain.ts starts has
// it. Needed after a change of the contracts.
import { writeDeployment } from "../trainer/cli/deployment-file.ts";
import { deploymentPath } from "./deployment-path.ts";
import { startMarketChain } from "./market-chain.ts";
import { ensureContractsBuilt } from "../bin/install.mjs";

ensureContractsBuilt();
const { chain, deployment } = await startMarketChain();
await chain.stop();
const path = deploymentPath(deployment.network);
await writeDeployment(path, deployment, true);
console.log(`written to ${path}`);
