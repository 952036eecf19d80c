import { missing } from "./nowhere";
import { test } from "bun:test";

test("never runs", () => missing());
