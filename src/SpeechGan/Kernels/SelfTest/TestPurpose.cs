namespace SpeechGan.Kernels.SelfTest;

/// <summary>What the networks are made for.</summary>
public enum TestPurpose
{
    /// <summary>Training: both networks, forward and backward.</summary>
    Training,

    /// <summary>Enhancing: the generator, forward.</summary>
    Enhancing,
}
