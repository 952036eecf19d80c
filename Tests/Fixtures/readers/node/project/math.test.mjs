import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';

describe('math', () => {
  describe('adding', () => {
    it('adds two numbers', () => {
      assert.equal(1 + 1, 2);
    });

    it('adds three numbers', () => {
      assert.equal(1 + 1 + 1, 4);
    });
  });

  it('has nested values', () => {
    assert.deepEqual({ a: [1, 2], b: 'x' }, { a: [1, 3], b: 'x' });
  });

  it.skip('is skipped', () => {});
  it.todo('is to be done');
});

test('top level', async (t) => {
  await t.test('passes inside', () => {});
  await t.test('fails inside', () => {
    throw new TypeError('inside\nand a second line');
  });
});

test('a todo that fails', { todo: true }, () => {
  throw new Error('expected to fail');
});
