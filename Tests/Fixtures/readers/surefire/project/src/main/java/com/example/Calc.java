package com.example;

public class Calc {
    public static int add(int a, int b) { return a < 0 ? a - b : a + b; }
}
