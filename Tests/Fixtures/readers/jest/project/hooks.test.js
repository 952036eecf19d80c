'use strict';

describe('a store', () => {
  beforeEach(() => {
    throw new TypeError('no store here');
  });

  it('opens', () => {});
});

describe('slow things', () => {
  it('ends in time', async () => {
    await new Promise((resolve) => setTimeout(resolve, 400));
  }, 50);

  it.each([[1, 2], [2, 4]])('doubles %i', (given, doubled) => {
    expect(given + 1).toBe(doubled);
  });
});
