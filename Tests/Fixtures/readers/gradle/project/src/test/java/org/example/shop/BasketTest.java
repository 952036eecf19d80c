package org.example.shop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Ignore;
import org.junit.Test;

public class BasketTest {
    @Test
    public void emptyBasketCostsNothing() {
        assertEquals(0, new Basket().total());
    }

    @Test
    public void addsPrices() {
        Basket basket = new Basket();
        basket.add(3);
        basket.add(4);
        assertEquals("the total", 7, basket.total());
    }

    @Test
    public void refusesNegativePrices() {
        new Basket().add(-1);
    }

    @Test
    public void failsWithoutMessage() {
        assertTrue(new Basket().total() > 0);
    }

    @Ignore("not yet")
    @Test
    public void knowsCurrencies() {
    }
}
