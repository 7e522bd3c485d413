namespace SpeechGan.Runs.Rows;

/// <summary>Where a step's line stands.</summary>
/// <param name="Step">Step of the run.</param>
/// <param name="Index">Its place among the steps of the record, from 0.</param>
/// <param name="Length">Bytes of its line.</param>
/// <param name="Offset">Where the line begins in the record's text.</param>
internal readonly record struct StepPlace(long Step, int Index, int Length, long Offset);

/// <summary>The lines of a record's steps as bytes, one at a time. It is quick where they are asked for in order; going back in a
/// compressed record begins it again.</summary>
internal abstract class StepLines : IDisposable
{
    /// <summary>The line of a step, valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> At(StepPlace place);

    /// <inheritdoc/>
    public abstract void Dispose();
}
