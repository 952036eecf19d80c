import { missing } from "./nowhere.ts";

Deno.test("never runs", () => missing());
