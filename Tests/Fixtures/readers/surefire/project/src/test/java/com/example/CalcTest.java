package com.example;

import static org.junit.Assert.assertEquals;

import org.junit.Ignore;
import org.junit.Test;

public class CalcTest {
    static int tries = 0;

    @Test public void adds() { assertEquals(3, Calc.add(1, 2)); }

    @Test public void negative() {
        assertEquals("negative numbers", 1, Calc.add(-1, 2));
    }

    @Test public void breaks() {
        throw new IllegalStateException("no database\nsecond line");
    }

    @Ignore("not yet") @Test public void later() {}

    @Test public void sometimes() {
        if (tries++ == 0) throw new AssertionError("first try");
    }
}
