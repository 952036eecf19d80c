import { total } from './basket';
import { read } from './nowhere';

console.log(total([1]), read());
