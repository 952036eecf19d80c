console.log("warns only, and says: 3:4 error nothing");
