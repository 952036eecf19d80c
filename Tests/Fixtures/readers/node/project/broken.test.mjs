import { nothing } from './nowhere.mjs';
import test from 'node:test';

test('never runs', () => nothing());
