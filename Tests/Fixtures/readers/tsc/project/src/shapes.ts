export interface Shape {
  name: string;
  area(): number;
}

export class Square implements Shape {
  name = "square";
  constructor(private side: number) {}
}

export const sizes: number[] = ["one", 2];
