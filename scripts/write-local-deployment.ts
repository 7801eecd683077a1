// `npm run deploy:local-file`: writes deployments/local.json, the deterministic deployment of the chains that
// trainer/local-chain/market-chain.ts starts. Run it after a change of the contracts.
import { writeDeployment } from "../trainer/cli/wiring/deployment-file.ts";
import { deploymentPath } from "./deployment-path.ts";
import { startMarketChain } from "../trainer/local-chain/market-chain.ts";
import { ensureContractsBuilt } from "../bin/install.mjs";

ensureContractsBuilt();
const { chain, deployment } = await startMarketChain();
await chain.stop();
const path = deploymentPath(deployment.network);
await writeDeployment(path, deployment, true);
console.log(`written to ${path}`);
