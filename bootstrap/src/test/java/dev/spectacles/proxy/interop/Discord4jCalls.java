package dev.spectacles.proxy.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import discord4j.discordjson.json.AttachmentData;
import discord4j.discordjson.json.FollowupMessageRequest;
import discord4j.discordjson.json.InteractionApplicationCommandCallbackData;
import discord4j.discordjson.json.InteractionResponseData;
import discord4j.discordjson.json.MessageCreateRequest;
import discord4j.discordjson.json.MessageData;
import discord4j.discordjson.json.MessageEditRequest;
import discord4j.discordjson.json.UserData;
import discord4j.discordjson.json.WebhookCreateRequest;
import discord4j.discordjson.json.WebhookData;
import discord4j.discordjson.json.WebhookExecuteRequest;
import discord4j.discordjson.json.WebhookMessageEditRequest;
import discord4j.discordjson.json.WebhookModifyRequest;
import discord4j.rest.RestClient;
import discord4j.rest.http.client.ClientException;
import discord4j.rest.request.DefaultRouter;
import discord4j.rest.request.RouterOptions;
import discord4j.rest.service.ChannelService;
import discord4j.rest.service.WebhookService;
import discord4j.rest.util.MultipartRequest;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The usual calls with Discord4J's REST client. That its API is not Discord's is all it is told.
 */
final class Discord4jCalls {
  private static final int UPLOAD = 8 * 1024 * 1024;
  private static final int CROWD = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String THUMB = "👍";

  private final Errand errand;
  private final RestClient client;
  private final ChannelService channels;
  private final WebhookService webhooks;

  Discord4jCalls(Errand errand) {
    this.errand = errand;
    client =
        RestClient.restBuilder(errand.token())
            .build(options -> new DefaultRouter(at(errand.api() + "/v10", options)));
    channels = client.getChannelService();
    webhooks = client.getWebhookService();
  }

  private static RouterOptions at(String baseUrl, RouterOptions options) {
    return new RouterOptions(
        options.getToken(),
        options.getReactorResources(),
        options.getExchangeStrategies(),
        options.getResponseTransformers(),
        options.getGlobalRateLimiter(),
        options.getRequestQueueFactory(),
        baseUrl);
  }

  /** Makes all calls and checks their answers. */
  void run() {
    Mono<List<MessageData>> crowd = crowd().cache();
    var waiting = crowd.subscribe();
    try {
      long self = self();
      messages(self);
      upload();
      interaction(self);
      webhook();
      assertThat(answer(crowd)).extracting(MessageData::id).doesNotHaveDuplicates().hasSize(CROWD);
    } finally {
      waiting.dispose();
    }
  }

  private long self() {
    UserData self = answer(client.getSelf());
    assertThat(self.bot().get()).isTrue();
    assertThat(answer(client.getGatewayService().getGatewayBot()).shards().get()).isEqualTo(1);
    assertThat(answer(channels.getChannel(errand.channel())).id().asLong())
        .isEqualTo(errand.channel());
    return self.id().asLong();
  }

  private void messages(long self) {
    MessageData sent = answer(send(errand.channel(), "é👍", "d4j-send"));
    assertThat(sent.content()).isEqualTo("é👍");
    assertThat(sent.author().id().asLong()).isEqualTo(self);
    long message = sent.id().asLong();
    assertThat(answer(channels.getMessage(errand.channel(), message))).isEqualTo(sent);
    var latest = answer(channels.getMessages(errand.channel(), Map.of("limit", 1)).collectList());
    assertThat(latest).containsExactly(sent);

    MessageEditRequest change = MessageEditRequest.builder().contentOrNull("edited").build();
    MessageData edited =
        answer(channels.editMessage(errand.channel(), message, MultipartRequest.ofRequest(change)));
    assertThat(edited.content()).isEqualTo("edited");
    assertThat(edited.editedTimestamp()).isPresent();

    done(channels.createReaction(errand.channel(), message, THUMB));
    var users = channels.getReactions(errand.channel(), message, THUMB, Map.of());
    assertThat(answer(users.map(user -> user.id().asLong()).collectList())).containsExactly(self);
    done(channels.deleteOwnReaction(errand.channel(), message, THUMB));

    done(channels.deleteMessage(errand.channel(), message, "for a test"));
    assertThatThrownBy(() -> answer(channels.getMessage(errand.channel(), message)))
        .isInstanceOfSatisfying(
            ClientException.class,
            unknown -> assertThat(unknown.getStatus().code()).isEqualTo(404));
  }

  private void upload() {
    var bytes = new byte[UPLOAD];
    new Random(1).nextBytes(bytes);
    var request =
        MultipartRequest.ofRequest(message("with a file", "d4j-file"))
            .addFile("eight.bin", new ByteArrayInputStream(bytes));
    MessageData sent = answer(channels.createMessage(errand.channel(), request));
    assertThat(sent.content()).isEqualTo("with a file");
    AttachmentData file = sent.attachments().getFirst();
    assertThat(file.filename()).isEqualTo("eight.bin");
    assertThat(file.size()).isEqualTo(UPLOAD);
    assertThat(file.url()).endsWith("hm=" + sha256(bytes));
  }

  private void interaction(long application) {
    var reply = InteractionApplicationCommandCallbackData.builder().content("reply").build();
    var response = InteractionResponseData.builder().type(4).data(reply).build();
    String token = errand.interactionToken();
    done(
        client
            .getInteractionService()
            .createInteractionResponse(
                Long.parseLong(errand.interaction()), token, MultipartRequest.ofRequest(response)));
    var change = WebhookMessageEditRequest.builder().contentOrNull("more").build();
    MessageData edited =
        answer(webhooks.modifyWebhookMessage(application, token, "@original", change));
    assertThat(edited.content()).isEqualTo("more");
    var more = FollowupMessageRequest.builder().content("and").build();
    MessageData followed =
        answer(webhooks.executeWebhook(application, token, true, MultipartRequest.ofRequest(more)));
    assertThat(followed.id()).isNotEqualTo(edited.id());
    done(webhooks.deleteWebhookMessage(application, token, "@original"));
  }

  private void webhook() {
    var wanted = WebhookCreateRequest.builder().name("d4j hook").build();
    WebhookData made = answer(webhooks.createWebhook(errand.channel(), wanted, "for a test"));
    long webhook = made.id().asLong();
    String token = made.token().get();
    var said = WebhookExecuteRequest.builder().content("hook").username("other").build();
    MessageData sent =
        answer(webhooks.executeWebhook(webhook, token, true, MultipartRequest.ofRequest(said)));
    assertThat(sent.webhookId().get()).isEqualTo(made.id());
    assertThat(sent.author().username()).isEqualTo("other");
    var change = WebhookMessageEditRequest.builder().contentOrNull("changed").build();
    String message = sent.id().asString();
    assertThat(answer(webhooks.modifyWebhookMessage(webhook, token, message, change)).content())
        .isEqualTo("changed");
    done(webhooks.deleteWebhookMessage(webhook, token, message));
    var rename = WebhookModifyRequest.builder().name("renamed").build();
    assertThat(answer(webhooks.modifyWebhook(webhook, rename, null)).name()).contains("renamed");
    done(webhooks.deleteWebhook(webhook, null));
  }

  private Mono<List<MessageData>> crowd() {
    return Flux.mergeSequential(
            IntStream.range(0, CROWD)
                .mapToObj(i -> send(errand.crowded(), "crowd " + i, "d4j-" + i))
                .toList())
        .collectList();
  }

  private Mono<MessageData> send(long channel, String content, String nonce) {
    return channels.createMessage(channel, MultipartRequest.ofRequest(message(content, nonce)));
  }

  private static MessageCreateRequest message(String content, String nonce) {
    return MessageCreateRequest.builder().content(content).nonce(nonce).build();
  }

  private static <T> T answer(Mono<T> call) {
    return call.blockOptional(PATIENCE).orElseThrow();
  }

  private static void done(Mono<Void> call) {
    call.block(PATIENCE);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
