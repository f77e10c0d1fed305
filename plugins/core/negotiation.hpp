// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The exchange of descriptions and candidates with one peer (RFC 8829, RFC 8838): what to do next, given what happened.
// The caller offers, also what is to be added later; the callee answers, and answers later offers of a foreign peer
// too. It never touches `webrtcbin`: the session carries its actions out and tells it how they went.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plugins/core/codec.hpp"
#include "plugins/core/codec_choice.hpp"
#include "plugins/core/sdp.hpp"

namespace rtc::core {

enum class Role { Caller, Callee };

/// How a sender learns what its path can bear. Browsers hold their picture small without it.
inline constexpr std::string_view kTransportCc =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

/// A stream that we may send: what its RTP packets must look like to fit the description.
struct SendLine {
  unsigned mline = 0;
  Kind kind = Kind::Video;
  Codec codec = Codec::Vp8;
  int payload_type = 0;
  /// The number of the header extension by which the receiver reports each packet's arrival; nothing if it will not.
  std::optional<int> transport_cc;
  bool operator==(const SendLine&) const = default;
};

/// A stream that the peer announced.
struct RemoteStream {
  std::uint32_t ssrc = 0;
  bool nack = false;  ///< its lost packets may be asked for again
  unsigned mline = 0;
  /// Of its section among those of its kind. A later connection's description may have its sections in another order,
  /// but not those of one kind.
  unsigned place = 0;
  std::optional<Carried> carried = {};  ///< what its section carries
  bool operator==(const RemoteStream&) const = default;
};

struct IceCandidate {
  std::string candidate;  ///< empty: the last one was said (RFC 8838 section 14)
  std::string mid;
  std::optional<unsigned> mline;
};

enum class DescriptionType { Offer, Answer };

/// How many media sections of each kind a call has, or should have.
struct SectionCount {
  unsigned video = 0;
  unsigned audio = 0;
  bool operator==(const SectionCount&) const = default;
};

class Negotiation {
 public:
  // Events.
  /// The callee took the call: offer now.
  struct Begin {};
  /// Every line of the last `PrepareSenders` has its format.
  struct SendersReady {};
  /// The description asked for was made.
  struct Created {
    std::string sdp;
  };
  struct LocalSet {};
  struct RemoteSet {};
  struct StepFailed {
    std::string why;
  };
  struct RemoteDescription {
    DescriptionType type = DescriptionType::Offer;
    std::string sdp;
  };
  struct RemoteCandidate {
    IceCandidate candidate;
  };
  struct LocalCandidate {
    unsigned mline = 0;
    std::string candidate;
  };
  /// So many streams of ours are to be sent; a section that is there stays, whatever becomes of its stream.
  struct Want {
    SectionCount sections;
  };
  /// So many streams the peer has to send. Of a callee only: a caller offers what it wants.
  struct PeerWants {
    SectionCount sections;
  };
  using Event = std::variant<Begin, SendersReady, Created, LocalSet, RemoteSet, StepFailed, RemoteDescription,
                             RemoteCandidate, LocalCandidate, Want, PeerWants>;

  // Actions, in the order in which they are to be carried out.
  /// Answered by `SendersReady`.
  struct PrepareSenders {
    std::vector<SendLine> lines;
    bool data = true;  ///< the call has a data section: make the control channel
  };
  /// The peer chose from our offer: the senders are to be like this; one that is not named has nothing to send.
  struct ChangeSenders {
    std::vector<SendLine> lines;
  };
  /// A section will carry nothing, since no codec suits both sides.
  struct TellOfMismatch {
    Kind kind = Kind::Video;
    std::string why;
  };
  /// Answered by `Created` or `StepFailed`.
  struct Create {
    DescriptionType type = DescriptionType::Offer;
  };
  /// Answered by `LocalSet` or `StepFailed`.
  struct SetLocal {
    DescriptionType type = DescriptionType::Offer;
    std::string sdp;
  };
  /// Answered by `RemoteSet` or `StepFailed`.
  struct SetRemote {
    DescriptionType type = DescriptionType::Offer;
    std::string sdp;
    std::vector<Fingerprint> fingerprints;  ///< the peer's certificate must have one of them
    std::vector<RemoteStream> streams;      ///< those that may come
  };
  struct ApplyCandidate {
    unsigned mline = 0;
    std::string candidate;
  };
  struct SignalDescription {
    DescriptionType type = DescriptionType::Offer;
    std::string sdp;
  };
  struct SignalCandidate {
    IceCandidate candidate;
  };
  /// Tell the caller how many sections it should offer.
  struct AskForSections {
    SectionCount sections;
  };
  /// An exchange is over: streams may flow on every line that was prepared.
  struct Settled {
    unsigned sections = 0;  ///< that the description has
  };
  /// The call cannot go on.
  struct Abandon {
    std::string why;
  };
  using Action = std::variant<PrepareSenders, ChangeSenders, TellOfMismatch, Create, SetLocal, SetRemote,
                              ApplyCandidate, SignalDescription, SignalCandidate, AskForSections, Settled, Abandon>;
  using Actions = std::vector<Action>;

  /// `kinds`: what a caller offers, in the order of its sections. A callee goes by the offer.
  Negotiation(Role role, std::vector<Kind> kinds, CodecPreferences codecs = {});

  /// What to do before any event: a caller can make ready while the other's phone rings.
  Actions start();
  Actions on(const Event& event);

 private:
  enum class State {
    Idle,
    PreparingOffer,
    CreatingOffer,
    OfferHeld,
    AwaitingAnswer,
    ApplyingAnswer,
    PreparingAnswer,
    ApplyingOffer,
    CreatingAnswer,
    Stable,
    Abandoned
  };

  Actions handle(const Begin&);
  Actions handle(const SendersReady&);
  Actions handle(const Created& created);
  Actions handle(const LocalSet&);
  Actions handle(const RemoteSet&);
  Actions handle(const StepFailed& failed);
  Actions handle(const RemoteDescription& remote);
  Actions handle(const RemoteCandidate& remote);
  Actions handle(const LocalCandidate& local);
  Actions handle(const Want& want);
  Actions handle(const PeerWants& want);

  Actions sendOffer();
  Actions settle();
  /// Adds the sections that are wanted and missing, or asks for them.
  Actions extend();
  Actions takeOffer();
  Actions takeAnswer();
  Actions sendAnswer(const std::string& created);
  void setLocal(Sdp made);
  Actions choose(const MediaSection& section, std::size_t place);
  std::optional<Carried> withRedundancy(std::optional<Carried> carried, const MediaSection& section) const;
  Action prepare(std::vector<SendLine> lines, bool data);
  std::vector<SendLine> linesOf(const Sdp& remote, std::size_t first) const;
  std::vector<SendLine> offeredLines(const std::vector<Kind>& kinds, std::size_t first) const;
  Action setRemote(DescriptionType type) const;
  Actions applyQueued();
  std::optional<unsigned> sectionOf(const IceCandidate& candidate) const;
  Actions abandon(std::string why);

  Role role_;
  std::vector<Kind> kinds_;
  CodecPreferences codecs_;
  State state_ = State::Idle;
  bool begun_ = false;
  bool remote_applied_ = false;
  std::string offer_;
  std::optional<Sdp> local_;
  std::optional<Sdp> remote_;
  CarriedBySection carried_;
  std::vector<SendLine> senders_;  ///< as they were asked for last
  /// Our part in DTLS, once it is known: it must not flip in later answers (RFC 8842 section 5.5).
  std::optional<Setup> setup_;
  std::vector<IceCandidate> queued_;
  SectionCount wanted_;
  SectionCount peer_wants_;
  SectionCount asked_for_;
};

}  // namespace rtc::core
