import { describe, expect, it, test } from "bun:test";

function total(items: { price: number }[]): number {
  return items.length;
}

describe("basket", () => {
  describe("total", () => {
    it("is zero without items", () => {
      expect(total([])).toBe(0);
    });

    it("adds the prices", () => {
      expect(total([{ price: 3 }, { price: 4 }])).toBe(7);
    });
  });

  it("throws", () => {
    throw new TypeError("no store here");
  });

  it.skip("is skipped", () => {});
  it.todo("is to be done");
});

test("prints what looks like a failure", () => {
  console.log("(fail) basket > nothing [1.00ms]\nerror: nothing");
});
