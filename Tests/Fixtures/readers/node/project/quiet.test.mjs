import test from 'node:test';

test('prints what looks like a failure', () => {
  console.log('✖ not a failure (1.2ms)\n# fail 3\nℹ fail 2\nerror: nothing');
});
