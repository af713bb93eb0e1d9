package dev.spectacles.proxy.domain.entity;

import static dev.spectacles.proxy.domain.entity.EntityType.CHANNEL;
import static dev.spectacles.proxy.domain.entity.EntityType.EMOJI;
import static dev.spectacles.proxy.domain.entity.EntityType.GUILD;
import static dev.spectacles.proxy.domain.entity.EntityType.MEMBER;
import static dev.spectacles.proxy.domain.entity.EntityType.PRESENCE;
import static dev.spectacles.proxy.domain.entity.EntityType.ROLE;
import static dev.spectacles.proxy.domain.entity.EntityType.THREAD;
import static dev.spectacles.proxy.domain.entity.EntityType.VOICE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectacles.proxy.domain.entity.GuildState.Standing;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRulesTest {
  private static final String SNAPSHOT =
      "{'id':'1','name':'g','member_count':2,'large':false,'roles':[{'id':'1'},{'id':'10'}],"
          + "'emojis':[{'id':'20','name':'e','roles':[]}],'stickers':[],"
          + "'members':[{'user':{'id':'5','username':'a'},'roles':[]},"
          + "{'user':{'id':'9'},'roles':[]}],'presences':[],'voice_states':[],"
          + "'channels':[{'id':'30','type':0,'name':'c','last_message_id':'7'},{'id':'31','type':15}],"
          + "'threads':[{'id':'40','type':11,'parent_id':'30'},{'id':'41','type':11,'parent_id':'31'}]}";

  private static final String STAGE =
      "{'id':'50','guild_id':'1','channel_id':'32','topic':'secret'}";

  private final EventRules rules =
      new EventRules(EnumSet.allOf(EntityType.class), OptionalLong.of(9));
  private final TestWorld world = new TestWorld(rules);
  private final TestGuild guild = world.guild(1);

  private void known() {
    world.tell("GUILD_CREATE", 1_000, SNAPSHOT);
  }

  @Test
  void names_areInTheOrderForEqualTimes() {
    List<String> kinds =
        rules.names().stream()
            .filter(name -> name.matches("(GUILD_ROLE|CHANNEL|THREAD|GUILD_MEMBER)_[A-Z]+"))
            .map(name -> name.replaceAll(".*_(PINS_)?", ""))
            .map(kind -> kind.equals("ADD") ? "CREATE" : kind.equals("REMOVE") ? "DELETE" : kind)
            .filter(List.of("CREATE", "UPDATE", "DELETE")::contains)
            .collect(Collectors.toList());

    assertThat(rules.names()).startsWith("READY", "RESUMED", "GUILD_DELETE", "GUILD_CREATE");
    assertThat(kinds).hasSizeGreaterThan(11);
    assertThat(kinds.lastIndexOf("CREATE")).isLessThan(kinds.indexOf("UPDATE"));
    assertThat(kinds.lastIndexOf("UPDATE")).isLessThan(kinds.indexOf("DELETE"));
  }

  @Test
  void names_haveNoSecrets() throws Exception {
    for (String name : List.of("VOICE_SERVER_UPDATE", "INTERACTION_CREATE", "NEVER_HEARD_OF")) {
      assertThat(rules.names()).doesNotContain(name);
      assertThat(rules.effectOf(TestJson.event(name, 1, "{'guild_id':'1','token':'t'}")))
          .isEqualTo(new Effect.None());
    }
  }

  @Test
  void names_ofWhatIsNotKept_areLeftOutIfTheyTellOfNothingElse() {
    var byDefault =
        new EventRules(
            Arrays.stream(EntityType.values())
                .filter(EntityType::isKeptByDefault)
                .collect(Collectors.toSet()));

    assertThat(byDefault.names())
        .doesNotContain("PRESENCE_UPDATE", "GUILD_MEMBERS_CHUNK")
        .contains("GUILD_MEMBER_UPDATE", "VOICE_STATE_UPDATE", "CHANNEL_INFO", "GUILD_BAN_ADD");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GUILD_CREATE        | {}",
        "GUILD_CREATE        | {'id':'1','roles':[{'name':'x'}]}",
        "GUILD_DELETE        | {'id':null}",
        "CHANNEL_UPDATE      | {'guild_id':'1'}",
        "CHANNEL_UPDATE      | {'guild_id':'x','id':'1'}",
        "GUILD_ROLE_UPDATE   | {'guild_id':'1','role':{}}",
        "GUILD_ROLE_UPDATE   | {'guild_id':'1'}",
        "GUILD_MEMBER_REMOVE | {'guild_id':'1','user':{}}",
        "PRESENCE_UPDATE     | {'user':{'id':'1'}}",
        "THREAD_LIST_SYNC    | {'guild_id':'1','channel_ids':['x']}",
        "READY               | {'user':{'id':'1'},'application':{'id':'2'},'shard':[1,1]}",
        "READY               | {'user':{'id':'1'}}",
      })
  void eventWithoutAnId_isRefused(String name, String json) {
    assertThatThrownBy(() -> rules.effectOf(TestJson.event(name, 1, json)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageStartingWith(name + ": no ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CHANNEL_CREATE      | {'id':'1','type':1}",
        "CHANNEL_PINS_UPDATE | {'channel_id':'1','last_pin_timestamp':'x'}",
        "MESSAGE_CREATE      | {'id':'1','channel_id':'1'}",
        "VOICE_STATE_UPDATE  | {'user_id':'1','channel_id':null}",
      })
  void eventOfAPrivateChannel_changesNothing(String name, String json) throws Exception {
    assertThat(rules.effectOf(TestJson.event(name, 1, json))).isEqualTo(new Effect.None());
  }

  @Test
  void ready_tellsWhoAndWhichShard_withoutTheSession() throws Exception {
    Effect effect =
        rules.effectOf(
            TestJson.event(
                "READY",
                1,
                "{'session_id':'s','user':{'id':'9','username':'b'},'application':{'id':'8'},"
                    + "'shard':[3,16],'guilds':[{'id':'1'},{'id':'18446744073709551615'}]}"));

    assertThat(effect)
        .isEqualTo(
            new Effect.Ready(
                "8", TestJson.object("{'id':'9','username':'b'}"), 9, 3, 16, List.of(1L, -1L)));
  }

  @Test
  void guildLeftWhileAway_isDropped_andTheOthersAreUnavailable() {
    known();
    world.tell("GUILD_CREATE", 1_000, "{'id':'2','roles':[{'id':'2'}]}");

    world.tell(
        "READY",
        2_000,
        "{'user':{'id':'9'},'application':{'id':'8'},'guilds':[{'id':'1','unavailable':true}]}");

    assertThat(world.known()).containsExactly(1L);
    assertThat(guild.state().standing()).isEqualTo(Standing.UNAVAILABLE);
    assertThat(guild.kept(ROLE)).hasSize(2);
  }

  @Test
  void snapshot_isTakenApart() {
    known();

    assertThat(guild.state().standing()).isEqualTo(Standing.AVAILABLE);
    assertThat(guild.state().syncedMillis()).isEqualTo(1_000);
    assertThat(guild.state().membersComplete()).isTrue();
    assertThat(guild.state().guildComplete()).isFalse();
    assertThat(text(GUILD, 1)).isEqualTo("{'id':'1','name':'g','member_count':2,'large':false}");
    assertThat(text(CHANNEL, 30))
        .isEqualTo("{'id':'30','type':0,'name':'c','last_message_id':'7','guild_id':'1'}");
    assertThat(text(EMOJI, 20)).isEqualTo("{'id':'20','name':'e','roles':[]}");
    assertThat(text(MEMBER, 5)).isEqualTo("{'user':{'id':'5','username':'a'},'roles':[]}");
  }

  @Test
  void snapshot_keepsWhatOnlyRestHas() {
    known();
    world.tell(
        "GUILD_UPDATE", 1_100, "{'id':'1','name':'h','widget_enabled':true,'max_members':5}");
    guild.kept(EMOJI).put(20L, TestJson.object("{'id':'20','name':'e','user':{'id':'5'}}"));

    world.tell("GUILD_CREATE", 1_200, SNAPSHOT);

    assertThat(guild.state().guildComplete()).isTrue();
    assertThat(text(GUILD, 1))
        .isEqualTo(
            "{'id':'1','name':'g','member_count':2,'large':false,"
                + "'widget_enabled':true,'max_members':5}");
    assertThat(text(EMOJI, 20)).isEqualTo("{'id':'20','name':'e','roles':[],'user':{'id':'5'}}");

    world.tell("GUILD_EMOJIS_UPDATE", 1_300, "{'guild_id':'1','emojis':[{'id':'20','name':'f'}]}");
    assertThat(text(EMOJI, 20)).isEqualTo("{'id':'20','name':'f','user':{'id':'5'}}");
  }

  @Test
  void snapshotWithoutAList_leavesIt_andWithAnEmptyOneEmptiesIt() {
    known();
    world.tell("GUILD_CREATE", 1_100, "{'id':'1','channels':[]}");

    assertThat(guild.kept(ROLE)).hasSize(2);
    assertThat(guild.kept(CHANNEL)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'member_count':3", "'member_count':1,'large':true", "'name':'x'"})
  void snapshotWithSomeMembers_addsThem(String fields) {
    known();
    world.tell("GUILD_CREATE", 1_100, "{'id':'1'," + fields + ",'members':[{'user':{'id':'6'}}]}");

    assertThat(guild.kept(MEMBER)).containsOnlyKeys(5L, 6L, 9L);
    assertThat(guild.state().membersComplete()).isFalse();
  }

  @Test
  void outage_keepsWhatIsThere_andLeavingDropsIt() {
    known();
    world.tell("GUILD_DELETE", 1_100, "{'id':'1','unavailable':true}");
    assertThat(guild.state().standing()).isEqualTo(Standing.UNAVAILABLE);
    assertThat(guild.kept(ROLE)).isNotEmpty();

    world.tell("GUILD_DELETE", 1_200, "{'id':'1'}");
    assertThat(world.known()).isEmpty();
    world.tell("GUILD_ROLE_CREATE", 1_300, "{'guild_id':'1','role':{'id':'10'}}");
    assertThat(world.known()).isEmpty();
  }

  @Test
  void guildUpdate_mergesAndReplacesItsLists() {
    known();
    world.tell("GUILD_UPDATE", 1_100, "{'id':'1','name':null,'roles':[{'id':'1','color':1}]}");

    assertThat(text(GUILD, 1)).isEqualTo("{'id':'1','name':null,'member_count':2,'large':false}");
    assertThat(guild.kept(ROLE)).containsOnlyKeys(1L);
    assertThat(guild.kept(EMOJI)).hasSize(1);
  }

  @Test
  void deletedChannel_doesNotComeBackByLateUpdate() {
    known();
    world.tell("CHANNEL_DELETE", 2_000, "{'id':'30','guild_id':'1'}");
    for (String late : List.of("CHANNEL_UPDATE", "CHANNEL_CREATE")) {
      world.tell(late, 2_000 + 15 * 60_000 - 1, "{'id':'30','guild_id':'1','type':0}");
    }
    world.tell("GUILD_CREATE", 3_000, SNAPSHOT);

    assertThat(guild.kept(CHANNEL)).containsOnlyKeys(31L);
    assertThat(guild.kept(THREAD)).containsOnlyKeys(41L);
    world.tell("CHANNEL_UPDATE", 2_000 + 15 * 60_000, "{'id':'30','guild_id':'1','type':0}");
    assertThat(guild.kept(CHANNEL)).containsOnlyKeys(30L, 31L);
  }

  @Test
  void deletedChannel_takesItsThreadsAlong() {
    known();
    world.tell("CHANNEL_DELETE", 2_000, "{'id':'30','guild_id':'1'}");
    world.tell("THREAD_UPDATE", 2_001, "{'id':'40','guild_id':'1','parent_id':'30'}");

    assertThat(guild.kept(THREAD)).containsOnlyKeys(41L);
  }

  @Test
  void hiddenChannel_losesAllThatWasKnown() {
    known();
    world.tell(
        "CHANNEL_UPDATE",
        2_000,
        "{'id':'30','guild_id':'1','type':0,'name':'___hidden___','flags':131072}");

    assertThat(text(CHANNEL, 30))
        .isEqualTo("{'id':'30','guild_id':'1','type':0,'name':'___hidden___','flags':131072}");
    assertThat(guild.kept(THREAD)).containsOnlyKeys(41L);

    world.tell("CHANNEL_UPDATE", 2_001, "{'id':'30','guild_id':'1','name':'c','flags':0}");
    assertThat(text(CHANNEL, 30)).isEqualTo("{'id':'30','guild_id':'1','name':'c','flags':0}");
  }

  @Test
  void hiddenChannel_losesItsStageAndItsStatus() {
    known();
    world.tell("CHANNEL_CREATE", 1_001, "{'id':'32','guild_id':'1','type':13,'flags':0}");
    world.tell("STAGE_INSTANCE_CREATE", 1_002, STAGE);
    world.tell("VOICE_CHANNEL_STATUS_UPDATE", 1_002, "{'id':'32','guild_id':'1','status':'s'}");
    assertThat(guild.kept(EntityType.STAGE)).containsOnlyKeys(32L);
    assertThat(guild.kept(EntityType.CHANNEL_INFO)).containsOnlyKeys(32L);

    world.tell("CHANNEL_UPDATE", 2_000, "{'id':'32','guild_id':'1','type':13,'flags':131072}");

    assertThat(guild.kept(EntityType.STAGE)).isEmpty();
    assertThat(guild.kept(EntityType.CHANNEL_INFO)).isEmpty();
  }

  @Test
  void guildToldWithAHiddenChannel_doesNotTellItsStage() {
    world.tell(
        "GUILD_CREATE",
        1_000,
        "{'id':'1','channels':[{'id':'32','flags':131072},{'id':'33','flags':0}],"
            + "'stage_instances':["
            + STAGE
            + ",{'id':'51','guild_id':'1','channel_id':'33'}]}");

    assertThat(guild.kept(EntityType.STAGE)).containsOnlyKeys(33L);
  }

  @Test
  void channelUpdate_replaces_butForTheLastMessage() {
    known();
    world.tell("CHANNEL_UPDATE", 2_000, "{'id':'30','guild_id':'1','type':5}");

    assertThat(text(CHANNEL, 30))
        .isEqualTo("{'id':'30','guild_id':'1','type':5,'last_message_id':'7'}");
  }

  @ParameterizedTest
  @CsvSource({"6,7", "7,7", "8,8", "18446744073709551615,18446744073709551615"})
  void message_isTheLast_unlessALaterOneIs(String sent, String last) {
    known();
    world.tell("MESSAGE_CREATE", 2_000, "{'id':'" + sent + "','channel_id':'30','guild_id':'1'}");

    assertThat(guild.kept(CHANNEL).get(30L).text("last_message_id")).contains(last);
  }

  @Test
  void thread_isOneWhileItIsActive() {
    known();
    String thread = "{'id':'40','guild_id':'1','type':11,'parent_id':'30','thread_metadata':";
    world.tell("THREAD_MEMBER_UPDATE", 2_000, "{'id':'40','guild_id':'1','user_id':'9'}");
    world.tell("THREAD_UPDATE", 2_001, thread + "{'archived':false,'locked':true}}");
    assertThat(text(THREAD, 40))
        .contains("'member':{'id':'40','user_id':'9'}")
        .contains("'locked':true");

    world.tell("THREAD_UPDATE", 2_002, thread + "{'archived':true}}");
    assertThat(guild.kept(THREAD)).containsOnlyKeys(41L);
    world.tell("THREAD_UPDATE", 2_003, thread + "{'archived':false}}");
    assertThat(guild.kept(THREAD)).containsOnlyKeys(40L, 41L);
  }

  @Test
  void newThread_isTheLastMessageOfAForum_andNotOfOthers() {
    known();
    world.tell(
        "THREAD_CREATE",
        2_000,
        "{'id':'50','guild_id':'1','type':11,'parent_id':'31','newly_created':true}");
    world.tell("THREAD_CREATE", 2_001, "{'id':'51','guild_id':'1','type':11,'parent_id':'30'}");

    assertThat(text(THREAD, 50)).isEqualTo("{'id':'50','guild_id':'1','type':11,'parent_id':'31'}");
    assertThat(guild.kept(CHANNEL).get(31L).id("last_message_id")).hasValue(50);
    assertThat(guild.kept(CHANNEL).get(30L).id("last_message_id")).hasValue(7);
  }

  @Test
  void threadList_isAllOfItsChannels_orOfTheGuild() {
    known();
    world.tell(
        "THREAD_LIST_SYNC",
        2_000,
        "{'guild_id':'1','channel_ids':['30'],'threads':[{'id':'42','parent_id':'30'}],"
            + "'members':[{'id':'42','user_id':'9'}]}");
    assertThat(guild.kept(THREAD)).containsOnlyKeys(41L, 42L);
    assertThat(text(THREAD, 42)).contains("'member':{'id':'42','user_id':'9'}");

    world.tell("THREAD_LIST_SYNC", 2_001, "{'guild_id':'1','threads':[],'members':[]}");
    assertThat(guild.kept(THREAD)).isEmpty();
  }

  @Test
  void privateThread_isGoneWithTheBot_aPublicOneOnlyLosesIt() {
    known();
    world.tell("THREAD_CREATE", 2_000, "{'id':'43','guild_id':'1','type':12,'parent_id':'30'}");
    world.tell("THREAD_MEMBER_UPDATE", 2_001, "{'id':'40','guild_id':'1','user_id':'9'}");
    for (String id : List.of("40", "43")) {
      world.tell(
          "THREAD_MEMBERS_UPDATE",
          2_002,
          "{'id':'" + id + "','guild_id':'1','member_count':3,'removed_member_ids':['9']}");
    }

    assertThat(guild.kept(THREAD)).containsOnlyKeys(40L, 41L);
    assertThat(text(THREAD, 40)).contains("'member_count':3").doesNotContain("'member':");
  }

  @Test
  void strangers_areNotKept_andWhoIsKnownIsUpdated() {
    known();
    for (String user : List.of("5", "77")) {
      String told = "{'user':{'id':'" + user + "','username':'b'},'nick':'n'}";
      world.tell(
          "MESSAGE_CREATE",
          2_000,
          "{'id':'8','channel_id':'30','guild_id':'1','author':{'id':'"
              + user
              + "','username':'b'},'member':{'nick':'m'}}");
      world.tell("GUILD_MEMBER_UPDATE", 2_001, told.replace("{'user'", "{'guild_id':'1','user'"));
      world.tell(
          "VOICE_STATE_UPDATE",
          2_002,
          "{'guild_id':'1','user_id':'" + user + "','channel_id':'30','member':" + told + "}");
      world.tell(
          "PRESENCE_UPDATE",
          2_003,
          "{'guild_id':'1','user':{'id':'"
              + user
              + "','global_name':'G','username':5},"
              + "'status':'idle'}");
    }

    assertThat(guild.kept(MEMBER)).containsOnlyKeys(5L, 9L);
    assertThat(text(MEMBER, 5))
        .isEqualTo("{'user':{'id':'5','username':'b','global_name':'G'},'roles':[],'nick':'n'}");
    assertThat(guild.kept(VOICE)).containsOnlyKeys(5L, 77L);
    assertThat(text(VOICE, 5)).doesNotContain("member");
  }

  @Test
  void removedMember_comesBackOnlyByJoiningAgain() {
    known();
    String member = "{'guild_id':'1','user':{'id':'5'}}";
    world.tell("PRESENCE_UPDATE", 1_999, "{'guild_id':'1','user':{'id':'5'},'status':'idle'}");
    world.tell("GUILD_MEMBER_REMOVE", 2_000, member);
    world.tell("GUILD_MEMBER_ADD", 6_999, member);
    world.tell("PRESENCE_UPDATE", 6_999, "{'guild_id':'1','user':{'id':'5'},'status':'idle'}");
    assertThat(guild.kept(MEMBER)).containsOnlyKeys(9L);
    assertThat(guild.kept(PRESENCE)).isEmpty();
    assertThat(guild.kept(GUILD).get(1L).number("member_count")).hasValue(1);

    world.tell("GUILD_MEMBER_ADD", 7_000, member);
    assertThat(guild.kept(MEMBER)).containsOnlyKeys(5L, 9L);
    assertThat(guild.kept(GUILD).get(1L).number("member_count")).hasValue(2);
  }

  @Test
  void memberCount_whereNotAllAreKnown_staysAsToldLast() {
    world.tell("GUILD_CREATE", 1_000, "{'id':'1','member_count':5000,'large':true,'members':[]}");
    world.tell("GUILD_MEMBER_ADD", 1_001, "{'guild_id':'1','user':{'id':'5'}}");

    assertThat(guild.kept(MEMBER)).containsOnlyKeys(5L);
    assertThat(guild.kept(GUILD).get(1L).number("member_count")).hasValue(5000);
  }

  @Test
  void onlyChunk_withAllMembers_isComplete_anyOtherIsNot() {
    world.tell(
        "GUILD_CREATE", 1_000, "{'id':'1','member_count':2,'members':[{'user':{'id':'3'}}]}");
    String both = "'members':[{'user':{'id':'5'}},{'user':{'id':'6'}}]}";
    world.tell("GUILD_MEMBERS_CHUNK", 1_001, "{'guild_id':'1','chunk_count':2," + both);
    assertThat(guild.kept(MEMBER)).containsOnlyKeys(3L, 5L, 6L);
    assertThat(guild.state().membersComplete()).isFalse();

    world.tell("GUILD_MEMBERS_CHUNK", 1_002, "{'guild_id':'1','chunk_count':1," + both);
    assertThat(guild.kept(MEMBER)).containsOnlyKeys(5L, 6L);
    assertThat(guild.state().membersComplete()).isTrue();
  }

  @Test
  void guest_inAVoiceChannel_isNoNewsOfAMember() {
    known();
    world.tell(
        "VOICE_STATE_UPDATE",
        2_000,
        "{'guild_id':'1','user_id':'5','channel_id':'30',"
            + "'member':{'user':{'id':'5'},'joined_at':null,'roles':['1']}}");

    assertThat(text(MEMBER, 5)).isEqualTo("{'user':{'id':'5','username':'a'},'roles':[]}");
  }

  @Test
  void lateEndOfAStage_doesNotEndTheNext() {
    known();
    String stage = "{'id':'%d','guild_id':'1','channel_id':'30'}";
    world.tell("STAGE_INSTANCE_CREATE", 2_000, stage.formatted(61));
    world.tell("STAGE_INSTANCE_DELETE", 2_001, stage.formatted(60));
    world.tell("STAGE_INSTANCE_UPDATE", 2_002, stage.formatted(59));
    assertThat(guild.kept(EntityType.STAGE).get(30L).id("id")).hasValue(61);

    world.tell("STAGE_INSTANCE_DELETE", 2_003, stage.formatted(61));
    world.tell("STAGE_INSTANCE_UPDATE", 2_004, stage.formatted(61));
    assertThat(guild.kept(EntityType.STAGE)).isEmpty();
  }

  @Test
  void state_tellsOfTheLatestEvent() {
    known();
    world.tell("GUILD_ROLE_DELETE", 5_000, "{'guild_id':'1','role_id':'10'}");
    world.tell("GUILD_ROLE_UPDATE", 4_000, "{'guild_id':'1','role':{'id':'10'}}");

    assertThat(guild.kept(ROLE)).containsOnlyKeys(1L);
    assertThat(guild.state().eventMillis()).isEqualTo(5_000);
    assertThat(guild.buried()).isEqualTo(Map.of(new Burial(ROLE, 10), 905_000L));
  }

  private String text(EntityType type, long id) {
    return new String(guild.kept(type).get(id).bytes(), UTF_8).replace('"', '\'');
  }
}
