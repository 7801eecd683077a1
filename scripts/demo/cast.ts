import type { DemoOptions } from "./options.ts";

export type Behaviour = "honest" | "noise" | "replay" | "liar";

/** A participant of the demo: a process with its own key. */
export interface Actor {
  readonly name: string;
  readonly role: "initiator" | "trainer" | "validator";
  readonly behaviour: Behaviour;
  /** Index of its account in the local chain's mnemonic. */
  readonly account: number;
}

/** Returns the demo's participants: the last two trainers are noise and replay, the last validator is the liar. */
export function castOf({ trainers, validators, honest }: DemoOptions): readonly Actor[] {
  const actors: Actor[] = [{ name: "initiator", role: "initiator", behaviour: "honest", account: 0 }];
  for (let i = 1; i <= trainers; i++) {
    const behaviour = trainerBehaviour(trainers - i, trainers, honest);
    actors.push({ name: `trainer-${i}`, role: "trainer", behaviour, account: actors.length });
  }
  for (let i = 1; i <= validators; i++) {
    const isLiar = !honest && i === validators && validators >= 4;
    actors.push({
      name: `validator-${i}`,
      role: "validator",
      behaviour: isLiar ? "liar" : "honest",
      account: actors.length,
    });
  }
  return actors;
}

/** Adversaries come last, and only if at least two honest trainers remain. */
function trainerBehaviour(fromEnd: number, trainers: number, honest: boolean): Behaviour {
  if (honest) return "honest";
  if (fromEnd === 1 && trainers >= 4) return "noise";
  if (fromEnd === 0 && trainers >= 3) return "replay";
  return "honest";
}
