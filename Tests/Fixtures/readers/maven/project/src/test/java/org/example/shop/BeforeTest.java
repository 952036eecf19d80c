package org.example.shop;

import org.junit.BeforeClass;
import org.junit.Test;

public class BeforeTest {
    @BeforeClass
    public static void prepare() {
        throw new IllegalStateException("no database");
    }

    @Test
    public void never() {
    }
}
