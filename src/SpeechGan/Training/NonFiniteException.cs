namespace SpeechGan.Training;

/// <summary>A loss or a gradient stopped being a number. The step that would have ruined the weights was not taken.</summary>
public sealed class NonFiniteException : Exception
{
    /// <summary>Makes it.</summary>
    public NonFiniteException(string message, int epoch, long step)
        : base(message) => (Epoch, Step) = (epoch, step);

    /// <summary>Epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>Step of the run, from 1.</summary>
    public long Step { get; }
}
