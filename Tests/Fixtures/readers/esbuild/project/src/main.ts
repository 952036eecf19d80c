import { total, missing } from "./basket";
import { read } from "./nowhere";

const total = 3;
console.log(total, missing, read);
