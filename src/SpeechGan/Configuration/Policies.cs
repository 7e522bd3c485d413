namespace SpeechGan.Configuration;

/// <summary>Where a training cut is taken from an utterance.</summary>
public enum TrainCut
{
    /// <summary>A uniform random start per utterance and epoch, from counters.</summary>
    Random,

    /// <summary>Always the middle: for parity and golden runs.</summary>
    Center,
}

/// <summary>The scale of the clean signal in the time term (fault F1, CMGAN issue 42).</summary>
public enum TimeReference
{
    /// <summary>Clean times the noisy signal's normalisation factor: the estimate's own scale.</summary>
    Normalized,

    /// <summary>Clean as loaded, as upstream compares it.</summary>
    Raw,
}

/// <summary>Which terms of the discriminator's loss leave unscored samples out.</summary>
public enum MaskedTerms
{
    /// <summary>Only the PESQ term; the clean/clean term needs no PESQ and keeps all samples.</summary>
    Pesq,

    /// <summary>Both terms.</summary>
    Both,
}

/// <summary>Where an evaluation cut is taken.</summary>
public enum EvaluationCut
{
    /// <summary>The middle of the utterance: depends on the file alone.</summary>
    Center,

    /// <summary>The whole utterance.</summary>
    Full,

    /// <summary>A random place each epoch, as upstream (fault F10).</summary>
    Random,
}

/// <summary>Number type of the training step.</summary>
public enum Precision
{
    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>64 bits: for parity tests.</summary>
    Float64,
}

/// <summary>How the networks' costly parts (conformers, dense blocks, convolutions) are computed.</summary>
public enum KernelChoice
{
    /// <summary>Our own kernels, one for each part; on another device than the CPU, as <see cref="Operators"/>.</summary>
    Fused,

    /// <summary>TorchSharp's operators one by one: the reference for the fused ones.</summary>
    Operators,
}

/// <summary>What happens when a loss or a gradient is not finite.</summary>
public enum NonFinitePolicy
{
    /// <summary>The run fails and says where: dropping the batch would hide it (fault F18).</summary>
    Stop,
}

/// <summary>What happens where the self-test of kernels finds no right way to compute.</summary>
public enum WrongKernelsPolicy
{
    /// <summary>Nothing is trained, evaluated or enhanced: its numbers would mean nothing.</summary>
    Refuse,

    /// <summary>It goes on, and the record says which operators are wrong: to reproduce such a machine's runs.</summary>
    Record,
}
