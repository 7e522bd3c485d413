namespace SpeechGan.CorpusMaker;

/// <summary>One pair before it is made.</summary>
/// <param name="Part"><c>train</c> or <c>test</c>.</param>
/// <param name="Name">The files' name, as <c>p226_001</c>.</param>
/// <param name="Number">Its number in the corpus, from 0: random numbers follow from it.</param>
/// <param name="Speaker">Which of <see cref="FullSizePlan.Speakers"/>.</param>
/// <param name="Noise">Which of <see cref="FullSizePlan.Noises"/>.</param>
/// <param name="Samples">Samples of each side at <see cref="FullSizePlan.Rate"/>.</param>
/// <param name="Decibels">Power of the speech over that of the noise, dB.</param>
internal sealed record PlannedPair(string Part, string Name, int Number, int Speaker, int Noise, int Samples, double Decibels)
{
    /// <summary>Bytes of a side's file: a header of 44 bytes and 16 bits a sample.</summary>
    internal long FileBytes => 44 + (2L * Samples);
}

/// <summary>A voice.</summary>
/// <param name="Name">As VoiceBank names the speaker in this place.</param>
/// <param name="Part">The part that it speaks in.</param>
/// <param name="Voice">Of espeak-ng.</param>
/// <param name="WordsPerMinute">How fast.</param>
/// <param name="Pitch">0 .. 99.</param>
internal sealed record Speaker(string Name, string Part, string Voice, int WordsPerMinute, int Pitch);

/// <summary>A noise.</summary>
/// <param name="Name">Its realisation follows from it.</param>
/// <param name="Part">The part that it is heard in.</param>
/// <param name="Kind">As <see cref="CorpusMaker.Noise"/> names it.</param>
internal sealed record NoiseSource(string Name, string Part, string Kind);
