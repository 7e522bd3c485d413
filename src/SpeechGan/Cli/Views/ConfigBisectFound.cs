using SpeechGan.Bisect;
using SpeechGan.Configuration;

namespace SpeechGan.Cli.Views;

/// <summary>What `bisect config` found, and by what it judged.</summary>
/// <param name="Field">The field that is judged.</param>
/// <param name="Scenario">Name of what was trained.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="FixedKnobs">Options of all trials.</param>
/// <param name="Below">Values below are bad; null: those above the other limit.</param>
/// <param name="Above">Values above are bad.</param>
/// <param name="Differences">The options that differ.</param>
/// <param name="Result">Which of them make the fall.</param>
internal sealed record ConfigBisectFound(
    string Field,
    string Scenario,
    long Seed,
    IReadOnlyList<string> FixedKnobs,
    double? Below,
    double? Above,
    IReadOnlyList<KnobDifference> Differences,
    ConfigBisectResult Result
);
