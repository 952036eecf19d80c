import { Shape, Square, Circle } from "./shapes";
import { read } from "./nowhere";

const shapes: Shape[] = [new Square("3")];

function print(shape: Shape): string {
  return shape.title + read(shape);
}

const handlers: { [name: string]: (shape: Shape, index: number) => void } = {
  print: (shape: Square, index: string) => print(shape),
};
