#include "gateway/app/options.h"

#include "gateway/admin/duration.h"
#include "gateway/app/budget_options.h"
#include "gateway/app/console.h"
#include "gateway/app/limit_options.h"
#include "gateway/app/option_checks.h"
#include "gateway/app/version.h"

#include <CLI/CLI.hpp>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <sys/stat.h>

#include <cerrno>
#include <span>
#include <string>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *footer = R"(Examples:
  deltallm-gateway serve
      Starts with the built-in demo model; prints keys and a curl line at the first start.
  deltallm-gateway serve --config /etc/deltallm/config.yaml --listen 0.0.0.0:8000
  deltallm-gateway check-config --config config.yaml
  deltallm-gateway keys create --alias ci --models gpt-4o-mini,demo --expires 30d
  deltallm-gateway keys create --alias trial --max-budget 25 --budget-duration 30d
  deltallm-gateway keys revoke ci
  deltallm-gateway budgets set --scope team --scope-id sales --max-budget 100 --duration 1mo
  deltallm-gateway budgets list
  deltallm-gateway limits set --scope team --scope-id sales --model gpt-4o --rpm 60
  deltallm-gateway alerts test --config config.yaml
  deltallm-gateway gateways list --config config.yaml
  deltallm-gateway verify
  deltallm-gateway audit verify
  deltallm-gateway kek rotate

Environment:
  DELTALLM_CONFIG_PATH  configuration file if --config is not given
  DELTALLM_STATE_DIR    state folder if --state-dir is not given
  PORT                  port to listen on if --listen is not given

Exit codes:
  0 done   1 failed   2 wrong command line   3 configuration does not load
  4 cannot listen on the address   5 the ledger does not add up, or the audit log was changed

The configuration is documented in config.example.yaml.)";

/// The command line as CLI11 fills it in.
struct RawOptions {
    std::string config;
    std::string stateDir;
    std::string listen;
    std::string alias;
    std::string user;
    std::string team;
    std::string organization;
    std::vector<std::string> tags;
    std::vector<std::string> models;
    std::string expires;
    RawBudget keyBudget;
    RateLimits keyLimits;
    std::string keyId;
    RawBudget budget;
    std::string budgetId;
    std::string resetReason;
    RawSubject limitSubject;
    RateLimits limits;
    qint64 gatewayId = 0;
    bool isForced = false;
    std::vector<std::string> checkpoints;
    std::string checkpointLog;
    std::string endUser;
    bool isConfirmed = false;
    bool areKeysCopied = false;
    int count = 1;
    bool wantsJson = false;
};

/// Says whether there is certainly nothing at a path. A dangling link and a folder that cannot be
/// entered are no absence: without its configuration a gateway would make new keys.
bool isAbsent(const QString &path)
{
    struct stat status{};
    return ::lstat(QFile::encodeName(path).constData(), &status) != 0 && errno == ENOENT;
}

QString findConfig(const RawOptions &raw)
{
    if (!raw.config.empty()) {
        return textOf(raw.config);
    }
    if (const QString named = qEnvironmentVariable("DELTALLM_CONFIG_PATH"); !named.isEmpty()) {
        return named;
    }
    for (const QString &usual : {u"config.yaml"_s, u"/etc/deltallm/config.yaml"_s}) {
        if (!isAbsent(usual)) {
            return usual;
        }
    }
    return {};
}

QString findStateDir(const RawOptions &raw)
{
    if (!raw.stateDir.empty()) {
        return textOf(raw.stateDir);
    }
    for (const char *variable : {"DELTALLM_STATE_DIR", "STATE_DIRECTORY"}) {
        if (const QString named = qEnvironmentVariable(variable); !named.isEmpty()) {
            return named;
        }
    }
    return QStandardPaths::writableLocation(QStandardPaths::GenericStateLocation) + u"/deltallm"_s;
}

Options options(Command command, const RawOptions &raw)
{
    Options result;
    result.command = command;
    result.configFile = findConfig(raw);
    result.stateDir = QDir::cleanPath(QDir::current().absoluteFilePath(findStateDir(raw)));
    result.listen = raw.listen.empty() ? std::nullopt : std::optional(textOf(raw.listen));
    result.port = qEnvironmentVariable("PORT");
    result.output = raw.wantsJson ? OutputForm::Json : OutputForm::Text;
    result.keyAlias = textOf(raw.alias);
    result.keyUser = textOf(raw.user);
    result.keyTeam = textOf(raw.team);
    result.keyOrganization = textOf(raw.organization);
    for (const std::string &tag : raw.tags) {
        result.keyTags.append(textOf(tag));
    }
    for (const std::string &model : raw.models) {
        result.keyModels.append(textOf(model));
    }
    result.keyDuration = textOf(raw.expires);
    result.keyCount = raw.count;
    if (!raw.keyBudget.maxBudget.empty()) {
        result.keyBudget = budgetOf(raw.keyBudget);
    }
    result.keyLimits = raw.keyLimits;
    result.keyId = textOf(raw.keyId);
    result.budget = budgetOf(raw.budget);
    result.budgetId = textOf(raw.budgetId);
    result.resetReason = textOf(raw.resetReason);
    result.gatewayId = raw.gatewayId;
    for (const std::string &checkpoint : raw.checkpoints) {
        result.checkpoints.append(QString::fromStdString(checkpoint));
    }
    result.checkpointLog = QString::fromStdString(raw.checkpointLog);
    result.endUser = QString::fromStdString(raw.endUser);
    result.isConfirmed = raw.isConfirmed;
    result.areKeysCopied = raw.areKeysCopied;
    result.ifGatewaySeen = raw.isForced ? IfGatewaySeen::Forget : IfGatewaySeen::Refuse;
    result.limit = {subjectOf(raw.limitSubject), raw.limits};
    return result;
}

void addPlaces(CLI::App &command, RawOptions &raw)
{
    command.add_option("-c,--config", raw.config, "Configuration file (YAML)")->type_name("FILE");
    command
        .add_option("--state-dir", raw.stateDir,
                    "Folder for the store, the journal and the keys' pepper")
        ->type_name("DIR");
}

/// Says what is wrong with a lifetime; "" if nothing is.
std::string lifetimeFault(const std::string &value)
{
    const auto lifetime = admin::readDuration(textOf(value), u"lifetime"_s);
    return lifetime ? std::string() : lifetime.error().message.toStdString();
}

void addKeys(CLI::App &root, RawOptions &raw, std::optional<Command> &chosen)
{
    CLI::App *keys = root.add_subcommand("keys", "Make, list and revoke virtual keys");
    keys->require_subcommand(1);
    CLI::App *create = keys->add_subcommand("create", "Make a key; its secret is printed once");
    addPlaces(*create, raw);
    create->add_option("--alias", raw.alias, "A name for people, unique");
    create
        ->add_option("--models", raw.models,
                     "Models it may call, separated by commas; all if not given")
        ->delimiter(',');
    create
        ->add_option("--expires", raw.expires,
                     "Lifetime, e.g. 30d, 12h, 45m; for ever if not given")
        ->check(CLI::Validator(lifetimeFault, {}));
    create->add_option("--user", raw.user, "Id of the user it belongs to");
    create->add_option("--team", raw.team, "Id of the team it belongs to");
    create->add_option("--organization", raw.organization, "Id of the organisation it belongs to");
    create->add_option("--tags", raw.tags, "Tags of all its calls, with commas between them")
        ->delimiter(',');
    addKeyBudgetOptions(*create, raw.keyBudget);
    addRateOptions(*create, raw.keyLimits);
    create->add_option("--count", raw.count, "Make so many keys; an alias gets a number each")
        ->check(CLI::Range(1, 1'000'000));
    create->add_flag("--json", raw.wantsJson, "One JSON object per line");
    create->callback([&chosen] { chosen = Command::KeysCreate; });
    CLI::App *list = keys->add_subcommand("list", "List the keys, never their secrets");
    addPlaces(*list, raw);
    list->add_flag("--json", raw.wantsJson, "One JSON object per line");
    list->callback([&chosen] { chosen = Command::KeysList; });
    CLI::App *revoke = keys->add_subcommand(
        "revoke", "Remove a key; running gateways notice within a second");
    addPlaces(*revoke, raw);
    revoke->add_option("key", raw.keyId, "Its id or its alias")->required();
    revoke->callback([&chosen] { chosen = Command::KeysRevoke; });
}

void addBudgets(CLI::App &root, RawOptions &raw, std::optional<Command> &chosen)
{
    CLI::App *budgets = root.add_subcommand("budgets", "List, set, reset and remove budgets");
    budgets->require_subcommand(1);
    CLI::App *list = budgets->add_subcommand("list", "Show what is spent of each budget");
    addPlaces(*list, raw);
    list->add_flag("--json", raw.wantsJson, "One JSON object per line");
    list->callback([&chosen] { chosen = Command::BudgetsList; });
    CLI::App *set = budgets->add_subcommand(
        "set", "Make or replace a budget; running gateways hold to it within a second");
    addPlaces(*set, raw);
    addBudgetOptions(*set, raw.budget);
    set->callback([&chosen] { chosen = Command::BudgetsSet; });
    CLI::App *reset = budgets->add_subcommand(
        "reset", "Have a budget begin anew; running gateways do so within a second");
    addPlaces(*reset, raw);
    reset->add_option("budget", raw.budgetId, "Its id")->required();
    reset->add_option("--reason", raw.resetReason, "Why, for those who read the history")
        ->type_name("TEXT");
    reset->callback([&chosen] { chosen = Command::BudgetsReset; });
    CLI::App *remove = budgets->add_subcommand("remove", "Remove a budget");
    addPlaces(*remove, raw);
    remove->add_option("budget", raw.budgetId, "Its id")->required();
    remove->callback([&chosen] { chosen = Command::BudgetsRemove; });
}

void addLimits(CLI::App &root, RawOptions &raw, std::optional<Command> &chosen)
{
    CLI::App *limits = root.add_subcommand("limits", "List, set and remove rate limits");
    limits->require_subcommand(1);
    CLI::App *list = limits->add_subcommand("list", "Show all rate limits but those of keys");
    addPlaces(*list, raw);
    list->add_flag("--json", raw.wantsJson, "One JSON object per line");
    list->callback([&chosen] { chosen = Command::LimitsList; });
    CLI::App *set = limits->add_subcommand(
        "set", "Make or replace a rate limit; running gateways hold to it within a second");
    addPlaces(*set, raw);
    addSubjectOptions(*set, raw.limitSubject);
    addRateOptions(*set, raw.limits);
    set->callback([&chosen] { chosen = Command::LimitsSet; });
    CLI::App *remove = limits->add_subcommand("remove", "Remove a rate limit");
    addPlaces(*remove, raw);
    addSubjectOptions(*remove, raw.limitSubject);
    remove->callback([&chosen] { chosen = Command::LimitsRemove; });
}

void addAlerts(CLI::App &root, RawOptions &raw, std::optional<Command> &chosen)
{
    CLI::App *alerts = root.add_subcommand("alerts", "List and test alerts about budgets");
    alerts->require_subcommand(1);
    CLI::App *list = alerts->add_subcommand("list",
                                            "Show what was sent, what waits, and what failed");
    addPlaces(*list, raw);
    list->add_flag("--json", raw.wantsJson, "One JSON object per line");
    list->callback([&chosen] { chosen = Command::AlertsList; });
    CLI::App *test = alerts->add_subcommand("test", "Send a test through every configured channel");
    test->add_option("-c,--config", raw.config, "Configuration file (YAML)")->type_name("FILE");
    test->callback([&chosen] { chosen = Command::AlertsTest; });
}

void addGateways(CLI::App &root, RawOptions &raw, std::optional<Command> &chosen)
{
    CLI::App *gateways = root.add_subcommand("gateways",
                                             "List and forget gateways that share a PostgreSQL");
    gateways->require_subcommand(1);
    CLI::App *list = gateways->add_subcommand(
        "list", "Show when each was last seen, and what it holds of budgets");
    addPlaces(*list, raw);
    list->add_flag("--json", raw.wantsJson, "One JSON object per line");
    list->callback([&chosen] { chosen = Command::GatewaysList; });
    CLI::App *forget = gateways->add_subcommand(
        "forget", "Leave others what a gateway holds that will not come back");
    addPlaces(*forget, raw);
    forget->add_option("gateway", raw.gatewayId, "Its number, as gateways list shows it")
        ->required();
    forget->add_flag("--force", raw.isForced, "Also one that was seen within the last minute");
    forget->callback([&chosen] { chosen = Command::GatewaysForget; });
}

void addAudit(CLI::App &root, RawOptions &raw, std::optional<Command> &chosen)
{
    CLI::App *audit = root.add_subcommand("audit", "Prove and export the audit log");
    audit->require_subcommand(1);
    CLI::App *verify = audit->add_subcommand("verify",
                                             "Prove that nobody has changed the audit log");
    addPlaces(*verify, raw);
    verify
        ->add_option("--checkpoint", raw.checkpoints,
                     "A record that the gateway's log told of; may be repeated")
        ->type_name("SEQUENCE:HASH");
    verify
        ->add_option("--checkpoints", raw.checkpointLog,
                     "What gateways logged, with the records they told of; - for standard input")
        ->type_name("FILE");
    verify->callback([&chosen] { chosen = Command::AuditVerify; });
    CLI::App *exported = audit->add_subcommand("export", "Print it, a JSON object per line");
    addPlaces(*exported, raw);
    exported->callback([&chosen] { chosen = Command::AuditExport; });
    CLI::App *publicKey = audit->add_subcommand(
        "public-key", "Print the key that proves what a gateway logged of the audit log");
    addPlaces(*publicKey, raw);
    publicKey->callback([&chosen] { chosen = Command::AuditPublicKey; });
    CLI::App *erase = root.add_subcommand("erase-end-user",
                                          "Take the name of an end user from all that is kept");
    addPlaces(*erase, raw);
    erase->add_option("end-user", raw.endUser, "The name, as calls had it in 'user'")->required();
    erase->add_flag("--yes", raw.isConfirmed, "Do it, and do not only say what there is");
    erase->callback([&chosen] { chosen = Command::EraseEndUser; });
}

void addKek(CLI::App &root, RawOptions &raw, std::optional<Command> &chosen)
{
    CLI::App *kek = root.add_subcommand(
        "kek", "Replace the keys that secrets in the store are sealed with (file \"kek\")");
    kek->footer(
        "Gateways that share a PostgreSQL need the same keys: copy the file to each of them "
        "before\n"
        "anything is sealed with a new one. Run these commands as the user of the gateway.");
    kek->require_subcommand(1);
    CLI::App *status = kek->add_subcommand("status", "Show how much is sealed with each key");
    addPlaces(*status, raw);
    status->add_flag("--json", raw.wantsJson, "One JSON object per line");
    status->callback([&chosen] { chosen = Command::KekStatus; });
    CLI::App *rotate = kek->add_subcommand(
        "rotate",
        "Make a new key and move everything to it, while gateways run; or end what was begun");
    addPlaces(*rotate, raw);
    rotate->add_flag("--copied", raw.areKeysCopied,
                     "All other gateways of the database have the new key");
    rotate->callback([&chosen] { chosen = Command::KekRotate; });
    CLI::App *retire = kek->add_subcommand(
        "retire", "Take away old keys; refused while anything is sealed with one");
    addPlaces(*retire, raw);
    retire->callback([&chosen] { chosen = Command::KekRetire; });
}

void addCommands(CLI::App &root, RawOptions &raw, std::optional<Command> &chosen)
{
    CLI::App *serve = root.add_subcommand("serve", "Run the gateway in the foreground");
    addPlaces(*serve, raw);
    serve
        ->add_option("--listen", raw.listen,
                     "Address and port, e.g. 127.0.0.1:8000, [::]:8000 or :8000")
        ->type_name("ADDR:PORT");
    serve->callback([&chosen] { chosen = Command::Serve; });
    CLI::App *check = root.add_subcommand("check-config",
                                          "Load the configuration, print every problem, and end");
    check->add_option("-c,--config,file", raw.config, "Configuration file (YAML)")
        ->type_name("FILE");
    check->callback([&chosen] { chosen = Command::CheckConfig; });
    addKeys(root, raw, chosen);
    addBudgets(root, raw, chosen);
    addLimits(root, raw, chosen);
    addAlerts(root, raw, chosen);
    addGateways(root, raw, chosen);
    addAudit(root, raw, chosen);
    addKek(root, raw, chosen);
    CLI::App *migrate = root.add_subcommand("migrate",
                                            "Bring the store up to this version, as a start does");
    addPlaces(*migrate, raw);
    migrate->callback([&chosen] { chosen = Command::Migrate; });
    CLI::App *verify = root.add_subcommand("verify",
                                           "Prove that ledger, roll-ups and keys' spend add up");
    addPlaces(*verify, raw);
    verify->callback([&chosen] { chosen = Command::Verify; });
    root.add_subcommand("version", "Print the version")->callback([&chosen] {
        chosen = Command::Version;
    });
}

/// Returns the word that stands where a command should and is none; empty if no word does.
QString unknownCommand(const CLI::App &root, std::span<char *const> words)
{
    const CLI::App *place = &root;
    for (const char *const word : words.subspan(1)) {
        const auto found = place->get_subcommands(
            [word](const CLI::App *command) { return command->check_name(word); });
        if (found.empty()) {
            return *word == '-' ? QString() : QString::fromLocal8Bit(word);
        }
        place = found.front();
    }
    return {};
}

} // namespace

ParsedOptions parseOptions(int argc, char **argv)
{
    CLI::App root("DeltaLLM gateway: one OpenAI-compatible door to every model",
                  "deltallm-gateway");
    root.footer(footer);
    root.set_version_flag("--version", versionText);
    root.require_subcommand(1);
    RawOptions raw;
    std::optional<Command> chosen;
    addCommands(root, raw, chosen);
    try {
        root.parse(argc, argv);
    } catch (const CLI::RequiredError &error) {
        const QString word = unknownCommand(root, std::span(argv, static_cast<std::size_t>(argc)));
        if (word.isEmpty()) {
            root.exit(error);
        } else {
            printError(
                u"There is no command \"%1\". Run with --help for those there are."_s.arg(word));
        }
        return {{}, ExitCode::Usage};
    } catch (const CLI::ParseError &error) {
        const bool isHelp = root.exit(error) == 0;
        return {{}, isHelp ? ExitCode::Ok : ExitCode::Usage};
    }
    return {options(chosen.value_or(Command::Serve), raw), std::nullopt};
}

} // namespace delta::app
