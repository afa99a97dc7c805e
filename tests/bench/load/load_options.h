#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace delta::bench {

/// What one run of the load generator does; filled from the command line in main.cpp.
struct LoadOptions {
    enum class Mode {
        Closed, ///< Every connection sends its next request when its reply is complete.
        Open,   ///< Requests go out at a fixed rate; latency counts from the time they were due.
        Hold,   ///< Connections are opened, used once, and held until standard input ends.
    };

    enum class Payload { Chat, Stream, Embeddings };

    Mode mode = Mode::Closed;
    std::uint16_t port = 0; ///< On 127.0.0.1.
    bool isTls = false;
    std::string path = "/v1/chat/completions";
    std::string model = "bench";
    Payload payload = Payload::Chat;
    std::size_t bodyBytes = 974;  ///< Exact size of the request body.
    std::string key = "sk-bench"; ///< Bearer token of every request.
    std::string keysFile;         ///< One key a line, drawn by Zipf's law; replaces `key`.
    double zipf = 1.0;            ///< Exponent of that law; 0 draws all keys equally often.
    bool keysInTurn = false;      ///< Takes the keys in their order instead of drawing them.
    int models = 1;               ///< The model's last five digits are drawn below this; 1: never.
    std::string expectedStatus = "200"; ///< Of a reply that is no failure.
    int connections = 8;                ///< In open mode: the most that may be open.
    double seconds = 3;                 ///< Closed and open: how long requests begin.
    std::int64_t requests = 0;          ///< Closed: how many begin; 0: as many as fit in `seconds`.
    double rate = 0;                    ///< Open: requests per second.
    double warmUpSeconds = 0;           ///< Open: begin without recording.
    double rampSeconds = 0;             ///< Closed: spreads the first requests over this time.
    int requestsPerConnection = 0;      ///< Then a new connection is made; 0: never.
    int sources = 1;                    ///< Client addresses 127.0.0.1, 127.0.0.2, … taken in turn.
    int expectedEvents = 200;           ///< Content events that a complete stream has.
};

} // namespace delta::bench
