using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>The best validation so far.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Pesq">Mean wide-band PESQ of the validation utterances.</param>
public sealed record BestSoFar(int Epoch, double Pesq);

/// <summary>
/// Where a run stands, apart from the networks. Random numbers need no state: they are counters of (seed, epoch, step).
/// </summary>
public sealed record RunState
{
    /// <summary>Epochs completed.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps taken of the epoch after <see cref="Epoch"/>.</summary>
    public int StepInEpoch { get; init; }

    /// <summary>Steps taken in the run.</summary>
    public long Step { get; init; }

    /// <summary>Best epoch so far; null where none could be judged.</summary>
    public BestSoFar? Best { get; init; }

    /// <summary>How far the record files reach.</summary>
    public RunPositions Positions { get; init; } = RunPositions.Start;
}
