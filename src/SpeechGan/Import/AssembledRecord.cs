using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>A foreign record as this program keeps one.</summary>
internal sealed record AssembledRecord
{
    /// <summary>Steps in order.</summary>
    public IReadOnlyList<StepTelemetry> Steps { get; init; } = [];

    /// <summary>Epochs in order.</summary>
    public IReadOnlyList<EpochTelemetry> Epochs { get; init; } = [];

    /// <summary>Utterances of all evaluations.</summary>
    public IReadOnlyList<UtteranceEvaluation> Evaluations { get; init; } = [];

    /// <summary>The first loss or gradient that was not finite.</summary>
    public NonFiniteValue? NonFinite { get; init; }

    /// <summary>Whether the source counts epochs from 0.</summary>
    public bool EpochsFromZero { get; init; }

    /// <summary>Whether only some of the steps were logged.</summary>
    public bool StepsAreSampled { get; init; }

    /// <summary>What was assumed and what was left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
