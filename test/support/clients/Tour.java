import shuke.Client;

/** A walk through the API with the generated client: arguments are the address, the e-mail address and the password; prints what it found. */
public final class Tour {
    public static void main(String[] arguments) {
        Client stranger = new Client(new Client.Config().serverUrl(arguments[0]));
        Client.Tokens tokens = stranger.createSession(new Client.SignIn(arguments[1], arguments[2]));
        Client client = new Client(new Client.Config().serverUrl(arguments[0]).auth(new Client.Auth().bearer(tokens.accessToken())));
        Client.Customer made = client.createCustomer(new Client.CustomerInput("王小明", null, null, null, null, null, null, null, null, null, "java"));
        System.out.println("made " + client.getCustomer(made.id()).name());
        for (Client.ServerSentEvent event : client.followEvents(new Client.FollowEventsParams())) {
            System.out.println("heard " + event.id() + " " + event.event());
            break;
        }
        try {
            client.getCustomer("0192f0c1-2b3c-7def-8abc-1234567890ab");
        } catch (Client.ApiException refused) {
            System.out.println("refused " + refused.status);
        }
        // What follows the stream would keep the process.
        System.exit(0);
    }
}
