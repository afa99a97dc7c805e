#include "tests/bench/mock/mock_server.h"
#include "tests/bench/wire/tool_process.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <optional>
#include <string>

/// Serves OpenAI-like replies; see mock/profile.h for which. Prints its ports as one line of JSON
/// as soon as it listens; `tls_port` is 0 without a certificate.
int main(int argc, char **argv)
{
    using namespace delta::bench;

    std::uint16_t port = 0;
    std::string certificateFile;
    std::string keyFile;
    CLI::App arguments("An upstream of fixed replies, as light as possible.");
    arguments.add_option("--port", port, "Port for plain TCP on 127.0.0.1; 0 means any");
    arguments.add_option("--certificate", certificateFile,
                         "PEM file; with it a TLS port is opened too");
    arguments.add_option("--key", keyFile, "PEM file of the certificate's key");
    CLI11_PARSE(arguments, argc, argv);

    prepareToolProcess();
    std::optional<TlsContext> tls;
    MockServer server;
    const unsigned plainPort = server.listen(port, nullptr);
    unsigned tlsPort = 0;
    if (!certificateFile.empty()) {
        tls.emplace(TlsContext::makeServer(certificateFile, keyFile));
        tlsPort = server.listen(0, &*tls);
    }
    std::printf("{\"port\":%u,\"tls_port\":%u}\n", plainPort, tlsPort);
    std::fflush(stdout);
    server.run();
}
