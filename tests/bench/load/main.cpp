#include "tests/bench/load/load_run.h"
#include "tests/bench/wire/tool_process.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <map>
#include <string>

namespace {

using delta::bench::LoadOptions;

void addOptions(CLI::App &arguments, LoadOptions &options)
{
    const std::map<std::string, LoadOptions::Mode> modes{{"closed", LoadOptions::Mode::Closed},
                                                         {"open", LoadOptions::Mode::Open},
                                                         {"hold", LoadOptions::Mode::Hold}};
    const std::map<std::string, LoadOptions::Payload> payloads{
        {"chat", LoadOptions::Payload::Chat},
        {"stream", LoadOptions::Payload::Stream},
        {"embeddings", LoadOptions::Payload::Embeddings}};
    arguments.add_option("--mode", options.mode, "closed, open or hold")
        ->transform(CLI::CheckedTransformer(modes));
    arguments.add_option("--payload", options.payload, "chat, stream or embeddings")
        ->transform(CLI::CheckedTransformer(payloads));
    arguments.add_option("--port", options.port, "Port on 127.0.0.1")->required();
    arguments.add_flag("--tls", options.isTls, "Speak TLS 1.3");
    arguments.add_option("--path", options.path, "Path of the requests");
    arguments.add_option("--model", options.model, "Model named in the requests");
    arguments.add_option("--body-bytes", options.bodyBytes, "Exact size of a request body");
    arguments.add_option("--key", options.key, "Bearer token");
    arguments.add_option("--keys-file", options.keysFile, "Bearer tokens, one a line");
    arguments.add_option("--zipf", options.zipf, "Exponent by which keys are drawn; 0: equally");
    arguments.add_flag("--keys-in-turn", options.keysInTurn, "Take the keys one after another");
    arguments.add_option("--models", options.models,
                         "Draw the last five digits of the model from so many numbers");
    arguments.add_option("--expected-status", options.expectedStatus, "Status that is no failure");
    arguments.add_option("--connections", options.connections, "Connections (open: the most)");
    arguments.add_option("--seconds", options.seconds, "How long requests begin");
    arguments.add_option("--requests", options.requests, "Closed: how many requests begin");
    arguments.add_option("--rate", options.rate, "Open: requests per second");
    arguments.add_option("--warm-up-seconds", options.warmUpSeconds, "Open: begin unrecorded");
    arguments.add_option("--ramp-seconds", options.rampSeconds,
                         "Closed: spread the first requests");
    arguments.add_option("--requests-per-connection", options.requestsPerConnection,
                         "Closed: then a new connection; 0: never");
    arguments.add_option("--sources", options.sources, "Client addresses to connect from");
    arguments.add_option("--expected-events", options.expectedEvents, "Content events of a stream");
}

} // namespace

/// Puts load on a port of this machine and prints what it saw as one line of JSON. Failed requests
/// are in that line; the exit status tells only whether the run was possible.
int main(int argc, char **argv)
{
    LoadOptions options;
    CLI::App arguments("A load generator for the gateway and for what it is compared with.");
    addOptions(arguments, options);
    CLI11_PARSE(arguments, argc, argv);

    delta::bench::prepareToolProcess();
    try {
        std::puts(delta::bench::makeRun(options)->run().toJson().c_str());
    } catch (const std::exception &error) {
        std::fprintf(stderr, "load: %s\n", error.what());
        return 1;
    }
    return 0;
}
