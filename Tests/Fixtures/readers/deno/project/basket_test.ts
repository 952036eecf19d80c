import { strict as assert } from "node:assert";

function total(items: { price: number }[]): number {
  return items.length;
}

Deno.test("is zero without items", () => {
  assert.equal(total([]), 0);
});

Deno.test("adds the prices", () => {
  assert.equal(total([{ price: 3 }, { price: 4 }]), 7);
});

Deno.test("nested", async (t) => {
  await t.step("passes", () => {});
  await t.step("throws", () => {
    throw new TypeError("no store here");
  });
});

Deno.test.ignore("is ignored", () => {});

Deno.test("prints what looks like a failure", () => {
  console.log("adds ... FAILED (1ms)\nerror: nothing\n FAILURES \n");
});
