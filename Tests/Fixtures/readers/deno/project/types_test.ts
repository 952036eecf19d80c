const name: number = "one";

Deno.test("never runs", () => {
  console.log(name.title);
});
