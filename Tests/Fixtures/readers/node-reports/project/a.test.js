const test = require('node:test');
const assert = require('node:assert');
const { describe, it } = test;
test('adds', () => assert.strictEqual(1 + 1, 2));
test('subtracts', () => assert.strictEqual(2 - 1, 2));
test('later', { skip: 'no time' }, () => {});
test('unfinished', { todo: true }, () => assert.ok(false));
describe('list', () => {
  it('is empty', () => assert.deepStrictEqual([], []));
  it('holds one', () => { throw new Error('boom\nsecond line'); });
});
test('parent', async (t) => {
  await t.test('works', () => {});
  await t.test('fails: #1', () => assert.equal('a', 'b', 'letters differ'));
});
