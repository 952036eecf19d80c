console.log("✘ [ERROR] is only text");
