import { honestTrainer, honestValidator, type TrainerAgent, type ValidatorAgent } from "../lab/agents.ts";

/** Trainers that stop in the middle of a round. */
export const SILENT_TRAINERS: Readonly<Record<string, TrainerAgent>> = {
  "trainers absent": { kind: "absent", honest: false, update: () => undefined },
  "trainers seal and never disclose": { ...honestTrainer, kind: "sealed", honest: false, discloses: () => false },
};

/** Validators that stop in the middle of an attempt and do not enlist again. */
export const SILENT_VALIDATORS: Readonly<Record<string, ValidatorAgent>> = {
  "validators seal nothing": gone({ score: () => Promise.resolve(undefined) }),
  "validators never reveal": gone({ reveals: () => false }),
  "validators never attest": gone({ attest: () => Promise.resolve(undefined) }),
};

function gone(what: Partial<ValidatorAgent>): ValidatorAgent {
  return { ...honestValidator, kind: "silent", honest: false, returns: false, ...what };
}
