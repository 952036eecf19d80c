package org.example.shop;

import org.junit.Test;

public class PrintingTest {
    @Test
    public void printsWhatLooksLikeAFailure() {
        System.out.println("[ERROR] org.example.Nothing.fails:3 no failure");
        System.out.println("Tests run: 9, Failures: 9, Errors: 0, Skipped: 0");
        System.out.println("error: nothing");
    }
}
