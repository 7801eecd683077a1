import { readFileSync } from "node:fs";

import { parse } from "yaml";
import { z } from "zod";

const faults = z.array(
  z.strictObject({ gate: z.string(), fault: z.string(), caughtBy: z.union([z.string(), z.number()]) }),
);
const notes = z.strictObject({
  gates: z.array(z.strictObject({ gate: z.string(), note: z.string() })),
  found: z.array(z.string()),
});

/** A fault planted to test a gate, and what the gate printed. */
export type PlantedFault = z.infer<typeof faults>[number];
export type Notes = z.infer<typeof notes>;

export function readFaults(): readonly PlantedFault[] {
  return faults.parse(read("faults.yaml"));
}

export function readNotes(): Notes {
  return notes.parse(read("notes.yaml"));
}

function read(name: string): unknown {
  return parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}
