// `npm run deploy:local-file`: writes deployments/local.json, the deployment of every chain that
// scripts/chain/market-chain.ts starts. Needed after a change of the contracts.
import { writeDeployment } from "../trainer/cli/wiring/deployment-file.ts";
import { deploymentPath } from "./chain/deployment-path.ts";
import { startMarketChain } from "./chain/market-chain.ts";
import { ensureContractsBuilt } from "../bin/install.mjs";

ensureContractsBuilt();
const { chain, deployment } = await startMarketChain();
await chain.stop();
const path = deploymentPath(deployment.network);
await writeDeployment(path, deployment, true);
console.log(`written to ${path}`);
